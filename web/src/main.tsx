/** The page's entry. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './frame/app.tsx'
import './frame/theme.ts'
import { followNode } from './node/connection.ts'
import './style/tokens.css'
import './style/base.css'
import './style/parts.css'
import './frame/frame.css'

const root = document.getElementById('page')
if (root === null) throw new Error('index.html has a place for the page')
followNode()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
